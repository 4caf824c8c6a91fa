"""What may happen to a case. No Flask here: plain values in, plain values out, the store in between.

CaseError
├── NoSuchCase      no case opens with this code (or number)
├── AlreadySent     the case is submitted; its answers no longer change
├── NotComplete     it cannot be submitted; ``issues`` says why
├── NotSeen         what was signed is not what the signer was shown; ``changes`` says what differs
├── NoTemplates     the templates that it answers are not kept
└── BadUpload       a file that is not taken
"""

from __future__ import annotations
