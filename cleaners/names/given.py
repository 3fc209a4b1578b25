"""Given names that news mentions most, as English writes them; a garble in the place of a person may stand for one.

Gathered by hand from the common given names of Europe, the Americas and the Near East; a list, not a register.
"""

from __future__ import annotations

_NAMES = """
Adam Adrian Ahmed Alan Albert Alejandro Alessandro Alex Alexander Alexandra Alexei Alfonso Alfred Ali Alice Alicia
Allison Amanda Amelia Amy Ana Anastasia Anders Andre Andrea Andreas Andrei Andrew Andrius Angela Anita Anna Anne
Antonio Anthony Antony Arnold Arthur Arturo Ashley Astrid Barbara Barry Beatrice Ben Benedict Benjamin Bernard
Bertrand Beth Bill Boris Brad Brandon Brenda Brian Bridget Bruce Bruno Camilla Carla Carlos Carmen Caroline
Catherine Cecilia Charles Charlotte Chelsea Chris Christian Christina Christine Christopher Claire Claude Claudia
Clemens Colin Connor Conrad Craig Cristina Cynthia Damian Daniel Daniela Darius David Deborah Dennis Derek Diana
Diego Dimitri Dmitry Donald Dorothy Douglas Duncan Edgar Edmund Eduardo Edward Eileen Elena Elizabeth Ellen Emil
Emily Emma Emmanuel Enrique Eric Erica Ernest Esther Eugene Eva Evan Evelyn Fabian Felix Fernando Fiona Florence
Frances Francesco Francis Francisco Frank Franz Frederick Gabriel Garry Gary Geoffrey George Gerald Gerard Gilbert
Giorgio Giovanni Giuseppe Glen Gloria Gordon Graham Gregory Guillermo Gustav Hannah Hans Harold Harry Hassan Hector
Helen Helena Henrik Henry Herbert Hillary Howard Hugh Hugo Ibrahim Igor Ingrid Irene Isaac Isabel Ivan Jack Jacob
Jacqueline Jacques James Jan Jane Janet Jason Javier Jean Jeffrey Jennifer Jeremy Jessica Jesus Jim Joachim Joan
Joanna Joe Johann John Jonathan Jorge Jose Joseph Joshua Juan Judith Julia Julian Justin Karen Karl Kate Katherine
Kathleen Keith Kelly Kenneth Kevin Kimberly Klaus Kristina Kurt Lars Laura Lauren Laurence Lawrence Leo Leon Leonard
Leonardo Leonid Leslie Lewis Liam Linda Lisa Lloyd Lorenzo Louis Louisa Louise Lucas Lucia Ludwig Luigi Luis Luke
Magdalena Marcel Marco Marcus Margaret Maria Marian Mario Marina Mark Martha Martin Mary Matthew Matthias Maurice
Max Maxim Megan Melissa Michael Michel Michelle Miguel Mikhail Milan Miranda Miriam Mohammed Monica Morris Mustafa
Nancy Natalia Natalie Natasha Nathan Neil Nicholas Nicola Nicole Nikolai Nina Norman Olaf Oleg Olga Oliver Olivia
Omar Oscar Otto Pablo Pamela Patricia Patrick Paul Paula Pauline Pedro Peter Philip Pierre Rachel Rafael Ralph Ramon
Raul Raymond Rebecca Ricardo Richard Rita Robert Roberto Robin Roger Roland Ronald Rosa Rose Rosemary Roy Rudolf
Russell Ruth Ryan Salvador Sally Samuel Sandra Sara Scott Sebastian Sergei Sergio Sharon Shirley Silvia Simon Sofia
Sonia Stanley Stefan Stella Stephanie Stephen Steven Stuart Susan Sven Sylvia Tamara Tatiana Teresa Terence Theodore
Theresa Thomas Timothy Tobias Tony Tyrone Ulrich Ursula Valentina Valeria Vanessa Vera Veronica Victor Victoria
Vincent Viktor Vladimir Walter Wayne Wendy Werner Wilhelm William Wolfgang Xavier Yuri Yvonne
"""
GIVEN_NAMES = tuple(_NAMES.split())
