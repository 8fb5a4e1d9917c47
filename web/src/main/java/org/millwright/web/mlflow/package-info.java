/** MLflow's REST API, as its clients expect it. */
@NullMarked
package org.millwright.web.mlflow;

import org.jspecify.annotations.NullMarked;
