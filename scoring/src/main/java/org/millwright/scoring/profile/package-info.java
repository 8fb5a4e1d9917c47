/** Mergeable profiles of columns, and drift between two of them. */
@NullMarked
package org.millwright.scoring.profile;

import org.jspecify.annotations.NullMarked;
