/** What follows from what: the only path from a lower floor to a higher one. */
@NullMarked
package org.millwright.factory;

import org.jspecify.annotations.NullMarked;
