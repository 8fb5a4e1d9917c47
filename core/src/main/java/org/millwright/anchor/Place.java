package org.millwright.anchor;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.millwright.ledger.SignedNote;

/** A place outside the database that keeps checkpoints. */
interface Place {
    /** As the operator names it. */
    String name();

    /** Adds a checkpoint to those kept there; returns when it is kept, with the receipt of a place that gives one. */
    Optional<Receipt> keep(SignedNote note) throws IOException;

    /** Everything kept there, oldest first; empty where it cannot be read back. */
    Optional<List<SignedNote>> kept() throws IOException;
}
