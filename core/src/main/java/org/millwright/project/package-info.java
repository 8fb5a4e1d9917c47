/** Projects: what was asked for, who approved it, who works in it, what was agreed about its model. */
@NullMarked
package org.millwright.project;

import org.jspecify.annotations.NullMarked;
