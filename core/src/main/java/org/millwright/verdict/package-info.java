/**
 * What is concluded of windows and by the clock: figures, verdicts on an agreement's clauses, detections; when a window closes
 * and what is given up.
 */
@NullMarked
package org.millwright.verdict;

import org.jspecify.annotations.NullMarked;
