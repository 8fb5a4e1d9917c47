/** Whether two sets of rows come from the same world: every column's drift, judged, and that of all columns together. */
@NullMarked
package org.millwright.scoring.drift;

import org.jspecify.annotations.NullMarked;
