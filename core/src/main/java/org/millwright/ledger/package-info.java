/** The append-only Merkle log of every state change, and the outbox of events. */
@NullMarked
package org.millwright.ledger;

import org.jspecify.annotations.NullMarked;
