/** How well predictions met the truth. */
@NullMarked
package org.millwright.scoring.metrics;

import org.jspecify.annotations.NullMarked;
