"""What both faces stand on: settings, words, sealing, storage, bells."""
