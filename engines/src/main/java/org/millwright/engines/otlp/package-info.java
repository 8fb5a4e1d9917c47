/** Traces sent to a collector that the operator names, by OpenTelemetry's protocol. */
@NullMarked
package org.millwright.engines.otlp;

import org.jspecify.annotations.NullMarked;
