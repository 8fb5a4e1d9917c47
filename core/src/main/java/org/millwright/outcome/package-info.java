/** Single predictions, what came of them, and how good they were: figures with intervals, by segment and group. */
@NullMarked
package org.millwright.outcome;

import org.jspecify.annotations.NullMarked;
