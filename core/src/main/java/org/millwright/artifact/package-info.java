/** Bytes by content hash. */
@NullMarked
package org.millwright.artifact;

import org.jspecify.annotations.NullMarked;
