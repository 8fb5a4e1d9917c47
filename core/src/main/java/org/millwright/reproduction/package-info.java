/** Making a model version again from what was recorded, and what came out. */
@NullMarked
package org.millwright.reproduction;

import org.jspecify.annotations.NullMarked;
