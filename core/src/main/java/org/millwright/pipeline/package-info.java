/** Pipeline files, their graph, runs and steps, and what starts them. */
@NullMarked
package org.millwright.pipeline;

import org.jspecify.annotations.NullMarked;
