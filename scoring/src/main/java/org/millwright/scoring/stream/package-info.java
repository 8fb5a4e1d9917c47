/** Detectors of concept drift: when a stream of errors, or of any values, changes. */
@NullMarked
package org.millwright.scoring.stream;

import org.jspecify.annotations.NullMarked;
