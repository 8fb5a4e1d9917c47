/** Locked sets of Python packages, and how and when they were built. */
@NullMarked
package org.millwright.environment;

import org.jspecify.annotations.NullMarked;
