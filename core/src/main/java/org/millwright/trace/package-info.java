/** Traces: how long requests and runs take, part by part, for people who look at them in a tool of their own. */
@NullMarked
package org.millwright.trace;

import org.jspecify.annotations.NullMarked;
