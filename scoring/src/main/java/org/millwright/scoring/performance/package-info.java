/** How well a model does before its labels are known: estimated from its confidence, or from errors of the past. */
@NullMarked
package org.millwright.scoring.performance;

import org.jspecify.annotations.NullMarked;
