/** What a window says of the clauses of an agreement, and who must look after one that is broken. */
@NullMarked
package org.millwright.alert;

import org.jspecify.annotations.NullMarked;
