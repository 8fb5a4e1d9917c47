/** Scores inside an application with a model that Millwright keeps: start at {@link org.millwright.scorer.Scorer#of}. */
@NullMarked
package org.millwright.scorer;

import org.jspecify.annotations.NullMarked;
