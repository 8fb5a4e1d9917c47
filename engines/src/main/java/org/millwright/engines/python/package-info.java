/** Python environments made by uv, and the interpreters they are made from. */
@NullMarked
package org.millwright.engines.python;

import org.jspecify.annotations.NullMarked;
