// A centre against a client of ours: node server.js [dec|hex]
//
// Listens on a free loopback port and prints JSON, one object a line: {"listening": PORT}, then each
// bind, submit, receipt answer and unbind. Every message is taken; one that asks for it gets a receipt. With
// `hex` the answers give ids in hexadecimal and the receipts the same ids in decimal. The text `cut` ends the
// connection without an answer, once; the text `write to me` is answered by a message as well.
// Ends when its standard input ends, so it does not outlive its test.
'use strict';

const smpp = require('smpp');

const FIRST_ID = 2588012738; // 9A41F0C2
const base = process.argv[2] === 'hex' ? 16 : 10;
let nextId = FIRST_ID;
let hasCut = false;

function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** `YYMMDDhhmm` in UTC. */
function minute() {
  return new Date().toISOString().replace(/\D/g, '').slice(2, 12);
}

function receipt(submit, id) {
  const now = minute();
  return {
    source_addr: submit.destination_addr,
    destination_addr: submit.source_addr,
    esm_class: 0x04,
    short_message:
      `id:${id} sub:001 dlvrd:001 submit date:${now} done date:${now} stat:DELIVRD err:000 text:`,
  };
}

function describe(pdu, id) {
  const { message, udh } = pdu.short_message;
  return {
    id,
    from: pdu.source_addr,
    to: pdu.destination_addr,
    text: message,
    udh: udh ? Buffer.concat(udh).toString('hex') : null,
    esm_class: pdu.esm_class,
    data_coding: pdu.data_coding,
    registered_delivery: pdu.registered_delivery,
    validity_period: pdu.validity_period,
  };
}

function onSubmit(session, pdu) {
  const text = pdu.short_message.message;
  if (text === 'cut' && !hasCut) {
    hasCut = true;
    print({ cut: true });
    session.destroy();
    return;
  }
  const id = nextId++;
  print({ submit: describe(pdu, id) });
  session.send(pdu.response({ message_id: id.toString(base).toUpperCase() }));
  if (text === 'write to me') {
    const message = { source_addr: '36309998877', source_addr_ton: 1, destination_addr: '1234' };
    session.deliver_sm({ ...message, esm_class: 0, short_message: 'Hello, gateway' }, (answer) => {
      print({ message_answered: answer.command_status });
    });
  }
  if (pdu.registered_delivery & 3) {
    session.deliver_sm(receipt(pdu, id), (answer) => {
      print({ receipt_answered: { id, status: answer.command_status } });
    });
  }
}

const server = smpp.createServer((session) => {
  for (const kind of ['bind_transmitter', 'bind_receiver', 'bind_transceiver']) {
    session.on(kind, (pdu) => {
      print({ bind: { kind, system_id: pdu.system_id, password: pdu.password } });
      session.send(pdu.response({ system_id: 'node' }));
    });
  }
  session.on('submit_sm', (pdu) => onSubmit(session, pdu));
  session.on('enquire_link', (pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu) => {
    print({ unbind: true });
    session.send(pdu.response());
    session.close();
  });
  session.on('error', (error) => print({ error: error.message }));
});
server.listen(0, '127.0.0.1', () => print({ listening: server.address().port }));
process.stdin.on('end', () => process.exit(0)).resume();
