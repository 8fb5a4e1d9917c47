/** Wire formats of scoring requests: Open Inference Protocol v2 and MLflow invocations. */
@NullMarked
package org.millwright.scoring.codec;

import org.jspecify.annotations.NullMarked;
