/** What was the case at any moment, folded from the ledger: reads only. */
@NullMarked
package org.millwright.history;

import org.jspecify.annotations.NullMarked;
