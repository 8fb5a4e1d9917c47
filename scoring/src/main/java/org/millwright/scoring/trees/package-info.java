/** Tree models in their libraries' own files, evaluated in Java. */
@NullMarked
package org.millwright.scoring.trees;

import org.jspecify.annotations.NullMarked;
