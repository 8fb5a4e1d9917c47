/** Cards of models and datasets, and evidence packs for frameworks: both are the record, read by named queries. */
@org.jspecify.annotations.NullMarked
package org.millwright.evidence;
