"""From a file of any kind to chunks of 16 kHz mono speech: probing, decoding, voice activity, cutting; imports no other layer."""
