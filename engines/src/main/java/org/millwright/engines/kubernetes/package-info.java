/** A cluster over the Kubernetes API. The only package that knows its client; nothing of it loads unless it is switched on. */
@org.jspecify.annotations.NullMarked
package org.millwright.engines.kubernetes;
