/** Data as immutable versions: how it came in, what was promised about it, whether it kept the promise, what is in it. */
@NullMarked
package org.millwright.dataset;

import org.jspecify.annotations.NullMarked;
