"""Telling people that a question waits, without a word about the patient; and the urgent clock that tells the next one."""
