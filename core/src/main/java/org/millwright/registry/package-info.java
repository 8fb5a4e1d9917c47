/** Registered models, their versions, stages and aliases, and the evidence attached to each version. */
@NullMarked
package org.millwright.registry;

import org.jspecify.annotations.NullMarked;
