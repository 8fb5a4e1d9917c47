/** The Open Inference Protocol over gRPC, on a port of its own; nothing else knows gRPC. */
@NullMarked
package org.millwright.web.grpc;

import org.jspecify.annotations.NullMarked;
