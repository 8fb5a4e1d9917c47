/** Whether to train again: conditions, cool-down, budget, and what was decided. */
@NullMarked
package org.millwright.retraining;

import org.jspecify.annotations.NullMarked;
