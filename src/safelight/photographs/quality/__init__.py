"""Whether a photo is good enough to be of use, while the patient is still there. Advice in words, never a gate."""
