/** Scoring protocols: Open Inference Protocol v2 over REST, and MLflow's invocations. */
@NullMarked
package org.millwright.web.oip;

import org.jspecify.annotations.NullMarked;
