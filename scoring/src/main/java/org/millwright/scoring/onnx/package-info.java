/** ONNX Runtime behind the {@code Model} interface. */
@NullMarked
package org.millwright.scoring.onnx;

import org.jspecify.annotations.NullMarked;
