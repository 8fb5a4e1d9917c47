package org.millwright.scoring.sigstore;

/** How a service of the test misbehaves. */
public enum Lie {
    NONE,
    FOREIGN_PROMISE,
    FOREIGN_PROOF,
    FOREIGN_CHECKPOINT,
    OTHER_TREE,
    OTHER_DIGEST,
    NEVER_ENDS,
    TOO_LARGE,
    NO_JSON,
    UNAVAILABLE
}
