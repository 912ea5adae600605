//! Rules for calls and messages: where they go, under which number, and whether they may. Pure: text, numbers and
//! the time come in, decisions and their reasons come out.
