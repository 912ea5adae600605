mod accepting;
mod answering;
mod failing_over;
mod going_on;
mod modems;
mod receiving;
mod unknown;
