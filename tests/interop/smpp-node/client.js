// An ESME against a centre of ours: node client.js PORT
//
// Binds as a transceiver, sends a GSM 7-bit text, a UCS-2 text and a message of two parts, and waits for
// the receipt of each. Prints one JSON line and exits with 0 when all was as it should be, else with 1.
'use strict';

const assert = require('node:assert/strict');
const smpp = require('smpp');

const LIMIT_MS = 10_000;
// The package labels GSM 7-bit text as IA5 (data_coding 1) unless it is told the centre's default.
const GSM_7BIT = 0;
const PARTS = ['a'.repeat(153), 'and the end €'];

/** Sends a request and resolves with its answer. */
function ask(session, request, parameters) {
  return new Promise((resolve) => session[request](parameters, resolve));
}

/** Sends a message that asks for a receipt, and resolves with its id. */
async function submit(session, short_message) {
  const answer = await ask(session, 'submit_sm', {
    source_addr: '1234',
    destination_addr: '36301234567',
    dest_addr_ton: 1,
    dest_addr_npi: 1,
    registered_delivery: 1,
    ...short_message,
  });
  assert.equal(answer.command_status, 0);
  assert.notEqual(answer.message_id, '');
  return answer.message_id;
}

function part(number) {
  const udh = Buffer.from([5, 0, 3, 0x2a, PARTS.length, number]);
  return { data_coding: GSM_7BIT, short_message: { udh, message: PARTS[number - 1] } };
}

/** Answers receipts, and resolves with the ids of the first `count`, in the order in which they came. */
function receipts(session, count) {
  const ids = [];
  return new Promise((resolve) => {
    session.on('deliver_sm', (pdu) => {
      const [, id] = /^id:(\S+) .*stat:DELIVRD /.exec(pdu.short_message.message);
      assert.equal(pdu.esm_class, 0x04);
      assert.equal(pdu.receipted_message_id, id);
      assert.equal(pdu.message_state, 2);
      assert.deepEqual([pdu.source_addr, pdu.destination_addr], ['36301234567', '1234']);
      session.send(pdu.response());
      ids.push(id);
      if (ids.length === count) resolve(ids);
    });
  });
}

async function main(port) {
  const session = smpp.connect({ host: '127.0.0.1', port });
  session.on('error', fail);
  const bound = await ask(session, 'bind_transceiver', { system_id: 'shop', password: 'secret' });
  assert.equal(bound.command_status, 0);
  const alive = await ask(session, 'enquire_link', {});
  assert.equal(alive.command_status, 0);

  const all = receipts(session, 4);
  const ids = [
    await submit(session, { data_coding: GSM_7BIT, short_message: 'hello @ £ {x} €' }),
    await submit(session, { short_message: 'Привет' }),
    await submit(session, part(1)),
    await submit(session, part(2)),
  ];
  assert.deepEqual(await all, ids);

  const ended = await ask(session, 'unbind', {});
  assert.equal(ended.command_status, 0);
  console.log(JSON.stringify({ ids }));
  process.exit(0);
}

function fail(error) {
  console.error(error);
  process.exit(1);
}

process.on('uncaughtException', fail);
setTimeout(() => fail(new Error(`not done in ${LIMIT_MS} ms`)), LIMIT_MS);
main(Number(process.argv[2])).catch(fail);
