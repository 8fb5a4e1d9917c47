/** What monitoring systems scrape. The only package that knows the Prometheus library. */
@org.jspecify.annotations.NullMarked
package org.millwright.web.metrics;
