/** The model's contract: signature, columnar frames, the {@code Model} interface and its errors. */
@NullMarked
package org.millwright.scoring;

import org.jspecify.annotations.NullMarked;
