/** What is known of a window of event time, where it is stored, and the training profile it is held against. */
@NullMarked
package org.millwright.window;

import org.jspecify.annotations.NullMarked;
