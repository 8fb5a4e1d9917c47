/** Edge rows of the hand-off check: what the model in Java answers beside the original where inputs are at their limits. */
@NullMarked
package org.millwright.registry.handoff;

import org.jspecify.annotations.NullMarked;
