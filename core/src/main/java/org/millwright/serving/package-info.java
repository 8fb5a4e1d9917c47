/** Deployments: which model version answers which requests. */
@NullMarked
package org.millwright.serving;

import org.jspecify.annotations.NullMarked;
