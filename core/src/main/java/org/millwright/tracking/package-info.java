/** Experiments, runs, metrics, parameters, logged models and their artifact trees. */
@NullMarked
package org.millwright.tracking;

import org.jspecify.annotations.NullMarked;
