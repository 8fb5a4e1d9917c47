/** Millwright on Kubernetes: what a file declares as manifests, kept in a cluster, or given to KServe. */
@org.jspecify.annotations.NullMarked
package org.millwright.kubernetes;
