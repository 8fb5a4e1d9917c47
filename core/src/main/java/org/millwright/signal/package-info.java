/** What rows and errors tell beside verdicts: quality of rows, kinds of rows whose loss rose, concept drift, causes. */
@NullMarked
package org.millwright.signal;

import org.jspecify.annotations.NullMarked;
