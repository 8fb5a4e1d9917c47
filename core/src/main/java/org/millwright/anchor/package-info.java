/** Signed checkpoints of the ledger, kept where the database does not reach. */
@NullMarked
package org.millwright.anchor;

import org.jspecify.annotations.NullMarked;
