"""Plays a real modem on a pseudo-terminal: python3 play.py MODEL [--pin DIGITS] [--sim-busy TIMES] [--trace]

MODEL is a class of the recordings that fetch.sh gets, such as HuaweiK3715. Prints JSON, one object a line:
{"port": PATH}, then {"sms": ...} for each message that it takes, as the decoder of the same package reads it, and
{"pin": "right" or "wrong"}. Ends when its standard input ends, so it does not outlive its test.
"""

import argparse
import itertools
import json
import os
import select
import sys
import tarfile
import tempfile
import time
import tty
import types
from pathlib import Path

ESCAPE, END_OF_PDU = 0x1B, 0x1A
# What no recording tells, as the standards have it (3GPP TS 27.007 and 27.005).
UNRECORDED = {
    "AT+CREG?": ["+CREG: 0,1\r\n", "OK\r\n"],
    "AT+COPS?": ['+COPS: 0,0,"Recorded",0\r\n', "OK\r\n"],
    "AT+CSQ": ["+CSQ: 17,99\r\n", "OK\r\n"],
    "AT+CMGF?": ["+CMGF: 0\r\n", "OK\r\n"],
    "AT+CMEE?": ["+CMEE: 0\r\n", "OK\r\n"],
    "AT+CPMS?": ['+CPMS: "SM",0,50,"SM",0,50\r\n', "OK\r\n"],
}
# What these makers say unasked, beside the calls of the recordings.
UNASKED = {
    "Huawei": ["^RSSI:17\r\n", "^BOOT:20952548,0,0,0,75\r\n", "^DSFLOWRPT:0000000A,00000000,00000000,00\r\n"],
    "Zte": ['+ZDONR: "Recorded",272,3,"CS_PS","ROAM_OFF"\r\n', '+ZPASR: "UMTS"\r\n'],
    "Wavecom": ["+WIND: 4\r\n"],
}
# Octets that go out at once; the pause lets the other end see them alone.
PIECE, PAUSE_SECONDS = 5, 0.000_2


def load():
    """The recordings and the decoder, from the archive beside this program."""
    here = Path(__file__).parent
    archive = next(here.glob("python*gsmmodem*.tar.gz"), None)
    if archive is None:
        sys.exit("the recordings are missing: run tests/interop/modem-models/fetch.sh")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as packed:
            packed.extractall(folder)
        unpacked = next(Path(folder).iterdir())
        # The package itself would load its driver, which needs a library for serial lines.
        package = types.ModuleType("gsmmodem")
        package.__path__ = [str(unpacked / "gsmmodem")]
        sys.modules["gsmmodem"] = package
        sys.path.insert(0, str(unpacked / "test"))
        import fakemodems
        from gsmmodem import pdu
    return fakemodems, pdu


def name_and_form(command):
    """`AT+CPMS` and `=` of `AT+CPMS="SM"`; the form of a question is `?` or `=?`."""
    for form in ("=?", "?", "="):
        name, found, _ = command.partition(form)
        if found:
            return name, form
    return command, ""


class Modem:
    """One model: lines in, lines out."""

    def __init__(self, recorded, decoder, arguments):
        self.recorded = recorded
        self.recorded.smscNumber = "+36300000000"
        self.recorded.simBusyErrorCounter = arguments.sim_busy
        self.recorded.pinLock = arguments.pin is not None
        self.decoder = decoder
        self.pin = arguments.pin
        self.announced = None
        self.unrecorded = dict(UNRECORDED)
        self.references = itertools.cycle(range(256))
        self.unasked = itertools.cycle(self.unasked_lines())

    def unasked_lines(self):
        kind = type(self.recorded).__name__
        own = [line for maker, lines in UNASKED.items() if kind.startswith(maker) for line in lines]
        call = self.recorded.getIncomingCallNotification("+36301112233")
        return own + ["RING\r\n"] + call + self.recorded.getRemoteHangupNotification(1, 0)

    def answer(self, command):
        """What the model says to a command."""
        if command.startswith("AT+CMGS=") and not self.recorded.pinLock:
            self.announced = int(command.partition("=")[2])
            return [next(self.unasked), "> "]
        return [next(self.unasked)] + self.result(command)

    def result(self, command):
        if command.startswith("AT+CPIN=") and self.pin is not None:
            right = command == f'AT+CPIN="{self.pin}"'
            tell({"pin": "right" if right else "wrong"})
            if not right:
                return ["+CME ERROR: 16\r\n"]
        is_recorded = command + "\r" in self.recorded.responses
        if command in self.unrecorded and not is_recorded and not self.recorded.pinLock:
            return self.unrecorded[command]
        answer = self.recorded.getResponse((self.like(command) or command) + "\r")
        if command.startswith("AT+CMEE=") and answer == ["OK\r\n"]:
            self.unrecorded["AT+CMEE?"] = [f"+CMEE: {command[-1]}\r\n", "OK\r\n"]
        return answer

    def like(self, command):
        """The recorded command of the same name and form that shares the longest beginning with it."""
        recorded = [known.rstrip("\r") for known in self.recorded.responses]
        alike = [known for known in recorded if name_and_form(known) == name_and_form(command)]
        shared = lambda known: (len(os.path.commonprefix([known, command])), -len(known))
        return max(alike, key=shared, default=None)

    def take(self, hexadecimal):
        """What it says to a PDU."""
        read = self.decoder.decodeSmsPdu(hexadecimal)
        announced, self.announced = self.announced, None
        if read["tpdu_length"] != announced or read["type"] != "SMS-SUBMIT":
            return ["+CMS ERROR: 304\r\n"]
        parts = [[it.reference, it.parts, it.number] for it in read.get("udh", []) if it.id in (0x00, 0x08)]
        message = {"number": read["number"], "text": read["text"], "part": parts[0] if parts else None}
        tell({"sms": message})
        return [next(self.unasked), f"+CMGS: {next(self.references)}\r\n", next(self.unasked), "OK\r\n"]


class Line:
    """The serial line of a modem: echo, framing, octets in pieces."""

    def __init__(self, modem, trace):
        self.modem = modem
        self.trace = trace
        # Ours of both ends stays open: a modem does not vanish when a program closes its port.
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.port = os.ttyname(self.slave)
        self.echoes = True
        self.received = bytearray()

    def play(self):
        """Answers until standard input ends."""
        while True:
            ready, _, _ = select.select([self.master, sys.stdin], [], [])
            if sys.stdin in ready and not os.read(sys.stdin.fileno(), 1_024):
                return
            if self.master in ready:
                for octet in os.read(self.master, 1_024):
                    self.on_octet(octet)

    def on_octet(self, octet):
        if self.echoes:
            self.write(bytes([octet]))
        waits_for_pdu = self.modem.announced is not None
        if octet == ESCAPE:
            self.received.clear()
            self.modem.announced = None
            if waits_for_pdu:
                self.say(["OK\r\n"])
        elif octet == (END_OF_PDU if waits_for_pdu else ord("\r")):
            line = self.received.decode("ascii")
            self.received.clear()
            if waits_for_pdu:
                self.on_pdu(line)
            elif line:
                self.on_command(line)
        elif octet != ord("\n"):
            self.received.append(octet)

    def on_command(self, command):
        answer = self.modem.answer(command)
        if command == "ATE0" and answer[-1] == "OK\r\n":
            self.echoes = False
        self.show(command, answer)
        self.say(answer)

    def on_pdu(self, hexadecimal):
        answer = self.modem.take(hexadecimal)
        self.show(hexadecimal, answer)
        self.say(answer)

    def say(self, lines):
        self.write("".join(f"\r\n{line}" for line in lines).encode())

    def write(self, octets):
        for begin in range(0, len(octets), PIECE):
            os.write(self.master, octets[begin : begin + PIECE])
            time.sleep(PAUSE_SECONDS)

    def show(self, said, answer):
        if self.trace:
            print(said, "->", answer, file=sys.stderr, flush=True)


def tell(message):
    print(json.dumps(message, ensure_ascii=False), flush=True)


def main():
    recordings, decoder = load()
    models = {model.__name__: model for model in recordings.modemClasses}
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=models)
    parser.add_argument("--pin")
    parser.add_argument("--sim-busy", type=int, default=0)
    parser.add_argument("--trace", action="store_true")
    arguments = parser.parse_args()
    line = Line(Modem(models[arguments.model](), decoder, arguments), arguments.trace)
    tell({"port": line.port})
    line.play()


if __name__ == "__main__":
    main()
