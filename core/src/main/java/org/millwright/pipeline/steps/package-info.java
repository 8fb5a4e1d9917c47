/** The kinds of steps that Millwright brings along. */
@NullMarked
package org.millwright.pipeline.steps;

import org.jspecify.annotations.NullMarked;
