/**
 * Certificates of what is no model version, put together from the rooms that made it, and what a revocation takes along.
 *
 * <p>Signing and checking is in {@code lineage}.
 */
@NullMarked
package org.millwright.certification;

import org.jspecify.annotations.NullMarked;
