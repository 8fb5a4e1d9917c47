/** The small learner that monitoring itself needs: where a model's errors grow, what tells two sets of rows apart. */
@NullMarked
package org.millwright.scoring.learner;

import org.jspecify.annotations.NullMarked;
